"""Published tables attacked with everything that is known of them at once.

``disclosure`` narrows one sum after another, as a person with a spreadsheet would. Here a
linear program has all sums together, and every interval that a published figure stands
for, and looks for a hidden count that can only be one number.
"""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from core.analytics import publishing


# Solutions in which all that is left goes up, and down, before each is asked for alone.
ROUNDS = 3


class Attack:
    """What somebody knows who has every published table, as sums and intervals."""

    def __init__(self, connection):
        counts = connection.table("counts").order("number").df()
        self.exact = counts["exact"].to_numpy(np.int64)
        self.known = counts["published"].to_numpy(bool)
        self.sums = publishing.sums_of(connection)
        disclosed = connection.table("disclosed").df()
        key = ["measure", "period", "audience", "practice", "dimension", "category"]
        both = counts.merge(disclosed, on=[*key, "part"], how="left")
        assert (both["number"].to_numpy() == np.arange(len(counts))).all()
        self.shown = both["shown"].to_numpy(dtype=float, na_value=np.nan)
        self.small = (self.exact >= 1) & (self.exact <= 7) & self.known

    def intervals(self):
        """The least and the most that each count is by itself, from the rule's words."""
        starred = self.known & np.isnan(self.shown)
        low, high = np.zeros(len(self.exact)), np.full(len(self.exact), np.inf)
        told = self.known & ~starred
        low[told] = np.maximum(self.shown[told] - 2, 8)
        high[told] = self.shown[told] + 2
        none = told & (self.shown == 0)
        low[none] = high[none] = 0
        # The worst case: somebody knows which stars stand for 1 to 7. A zero is one of
        # these only where its whole is hidden.
        high[starred & (self.exact <= 7)] = 7
        low[starred & (self.exact >= 1) & (self.exact <= 7)] = 1
        under = self.sums.child[starred[self.sums.parent[self.sums.relation]]]
        low[under] = np.minimum(low[under], 0)
        return low, high

    def parts(self):
        """Counts that hang together by sums: their numbers, and the sums as rows.

        A row says that the children less their parent are nothing.
        """
        rows = np.arange(len(self.sums.parent))
        place = np.concatenate([self.sums.relation, rows])
        column = np.concatenate([self.sums.child, self.sums.parent])
        sign = np.concatenate([np.ones(len(self.sums.child)), np.full(len(rows), -1.0)])
        shape = (len(rows), len(self.exact))
        whole = csr_array((sign, (place, column)), shape=shape)
        _, label = connected_components(whole.T @ whole, directed=False)
        for one in np.unique(label[self.small]):
            numbers = np.flatnonzero(label == one)
            yield numbers, whole[label[self.sums.parent] == one][:, numbers]


def pinned(attack, numbers, matrix, drawn):
    """The hidden counts of one part that can only be one number, with everything known.

    Any two solutions that differ by more than a whole show that a count is not pinned
    down; each one found clears many. What is left is asked for by itself.
    """
    low, high = (ends[numbers] for ends in attack.intervals())
    secret = attack.small[numbers]
    least, most = np.full(len(numbers), np.inf), np.full(len(numbers), -np.inf)

    def solve(aim):
        done = linprog(
            aim,
            A_eq=matrix,
            b_eq=np.zeros(matrix.shape[0]),
            bounds=np.column_stack([low, high]),
        )
        assert done.status == 0, done.message
        np.minimum(least, done.x, out=least)
        np.maximum(most, done.x, out=most)

    def left():
        return secret & (np.floor(most + 1e-6) - np.ceil(least - 1e-6) < 1)

    for _ in range(ROUNDS):
        aim = np.where(left(), drawn.uniform(0.5, 1, len(numbers)), 0)
        solve(aim)
        solve(-aim)
    for place in np.flatnonzero(left()):
        if left()[place]:
            aim = np.zeros(len(numbers))
            aim[place] = 1
            solve(aim)
            solve(-aim)
    return numbers[left()]
