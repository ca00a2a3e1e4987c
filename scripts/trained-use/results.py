"""Numbers of single runs, kept beside the sets so that a stopped script goes on where it was."""
import json, pathlib, time
import torch


class Results:
    def __init__(self, root, part):
        self.folder, self.part = pathlib.Path(root) / "results", part
        self.folder.mkdir(parents=True, exist_ok=True)

    def run(self, arm, seed, train, measure):
        """The numbers of one net, {test: {measure: value}}: trained and measured unless that was done before."""
        file = self.folder / f"{self.part}-{arm}-{seed}.json"
        if not file.exists():
            start = time.process_time()
            net = train(seed)
            torch.save(net.state_dict(), file.with_suffix(".pt"))
            numbers = {"seconds": time.process_time() - start, **measure(net)}
            file.write_text(json.dumps(numbers))
            print(file.name, json.dumps(numbers), flush=True)
        return json.loads(file.read_text())

    def net(self, arm, seed, net):
        net.load_state_dict(torch.load(self.folder / f"{self.part}-{arm}-{seed}.pt"))
        return net.eval()

    def finish(self, **facts):
        """Writes PART.json: for each arm and test the values of all seeds, in order."""
        runs = [(f.stem.split("-", 1)[1].rsplit("-", 1), json.loads(f.read_text())) for f in sorted(self.folder.glob(f"{self.part}-*-*.json"))]
        rows = {}
        for (arm, seed), numbers in sorted(runs, key=lambda r: int(r[0][1])):
            for test, measures in numbers.items():
                if test != "seconds":
                    for measure, value in measures.items():
                        rows.setdefault((arm, test, measure), []).append(round(value, 4))
        out = {
            **facts,
            "trainingSeconds": round(sum(n["seconds"] for _, n in runs)),
            "rows": [{"trained": a, "tested": t, "measure": m, "values": v} for (a, t, m), v in rows.items()],
        }
        (self.folder / f"{self.part}.json").write_text(json.dumps(out, indent=1) + "\n")
