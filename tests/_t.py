import yaml, sys
from advisor.normal import simplify
from tests.conversation import advisor

q = advisor().questions
for t in sys.argv[1:]:
    n = q.near(simplify(t), q._phrases(t, False, False))
    r = dict(q._ranker.ranking(simplify(t)))
    print(
        t,
        [(x, round(r.get(x, -9), 2), round(q._phrases(t, False, False).get(x, 0), 2)) for x in n.names[:4]],
        round(n.lead, 2),
        n.elsewhere,
        n.a_situation,
        round(r.get("a situation", -9), 2),
        round(r.get("another field", -9), 2),
    )
