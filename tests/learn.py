"""`make learn`: learn the weights by which voices are told apart, with scikit-learn, from the examples in the content.

What comes out is data (`knowledge/learned/<name>.json`): the project itself runs without scikit-learn. `digest`
names the examples it was learned from, so that the checker can tell when they have changed since.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from advisor.likeness import runs

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "knowledge" / "learned"
SEEN = 2  # how often a run must stand in the examples
LEAST = 0.05  # weights that are all smaller are left out
STRENGTH = 2.0  # how closely the weights follow the examples (scikit-learn's C)


def learn(examples: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Give the weights that tell the names of `examples` apart; needs scikit-learn."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    texts = [text for said in examples.values() for text in said]
    names = [name for name, said in examples.items() for _ in said]
    counts = CountVectorizer(analyzer=lambda text: sorted(runs(text)), binary=True, min_df=SEEN)
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(counts.fit_transform(texts), names)
    weights = zip(counts.get_feature_names_out(), model.coef_.T.round(2).tolist(), strict=True)
    return {
        "voices": model.classes_.tolist(),
        "bias": model.intercept_.round(2).tolist(),
        "runs": {run: row for run, row in weights if max(map(abs, row)) >= LEAST},
    }


def main() -> int:
    """Write every model anew, in the environment of the benches, where scikit-learn is."""
    from advisor.content import load
    from advisor.content.learned import digest, examples
    from tests.bench.rig import peers_python

    content = load(ROOT)
    FOLDER.mkdir(exist_ok=True)
    for name, said in examples(content).items():
        with tempfile.TemporaryDirectory() as folder:
            given, found = Path(folder, "examples.json"), Path(folder, "model.json")
            given.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
            subprocess.run([peers_python(), "-m", "tests.learn", given, found], cwd=ROOT, check=True)
            model = {"digest": digest(said), **json.loads(found.read_text(encoding="utf-8"))}
        body = json.dumps(model, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        (FOLDER / f"{name}.json").write_text(body.replace("],", "],\n") + "\n", encoding="utf-8")
        print(f"{name}: {sum(map(len, said.values()))} examples, {len(model['runs'])} runs of characters")
    return 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        learned = learn(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
        Path(sys.argv[2]).write_text(json.dumps(learned, ensure_ascii=False), encoding="utf-8")
    else:
        raise SystemExit(main())
