"""What to say about a picture's quality. It advises; it blocks and diagnoses nothing."""

from core.imaging.model import (
    FindingCode,
    Measurements,
    QualityFinding,
    QualityRules,
)


ADVICE = {
    FindingCode.BLURRED: (
        "The picture looks blurred. Hold still, tap the lesion on the screen to "
        "focus, and take it again."
    ),
    FindingCode.TOO_DARK: (
        "The picture is dark. Move towards daylight or switch on a light, and take "
        "it again."
    ),
    FindingCode.TOO_BRIGHT: (
        "Parts of the picture are burnt out. Switch the flash off or turn away from "
        "the light, and take it again."
    ),
    FindingCode.FEW_PIXELS: (
        "The picture has few pixels. Send the camera's original rather than a copy "
        "from a message or a screenshot."
    ),
    FindingCode.NO_SKIN: (
        "Does this picture show skin? Check that it is the one you meant to send."
    ),
    FindingCode.DOCUMENT: (
        "This looks like a paper or a screen, not skin. Check that it is the picture "
        "you meant to send."
    ),
}


def judge(measured: Measurements, rules: QualityRules) -> tuple[QualityFinding, ...]:
    """What is worth telling the person who took the picture; empty when all is well.

    Either sharpness number alone may raise the remark. On thirty photographs blurred
    with some sensor noise the Laplacian found nothing that re-blurring had missed;
    it is kept because the limits were set for the two together.
    """
    blurred = (
        measured.reblur < rules.min_reblur.limit
        or measured.laplacian < rules.min_laplacian.limit
    )
    page = measured.page_share > rules.max_page_share.limit
    bare = measured.skin_share < rules.min_skin_share.limit
    remarks = {
        FindingCode.BLURRED: blurred,
        FindingCode.TOO_DARK: (
            measured.bright_lightness < rules.min_bright_lightness.limit
        ),
        FindingCode.TOO_BRIGHT: measured.burnt_share > rules.max_burnt_share.limit,
        FindingCode.FEW_PIXELS: measured.smallest_side < rules.min_smallest_side.limit,
        # Of a paper that it shows no skin goes without saying.
        FindingCode.NO_SKIN: bare and not page,
        FindingCode.DOCUMENT: page,
    }
    return tuple(
        QualityFinding(code, ADVICE[code]) for code, said in remarks.items() if said
    )
