"""The data dictionary is what the models say."""

from core.analytics.dictionary import PAGE, built_page


def test_the_page_of_the_data_dictionary_is_the_one_the_models_write(tmp_path, folder):
    assert PAGE.read_text("utf-8") == built_page(tmp_path)


def test_every_table_says_what_a_row_is_and_by_what_it_is_known():
    tables = PAGE.read_text("utf-8").split("\n## The mart")[1].split("\n### ")[1:]
    assert len(tables) > 30
    for table in tables:
        name, _, said = table.partition("\n\n")
        assert said.startswith("One row"), name
        assert "Key:" in said or "One row:" in said, name
