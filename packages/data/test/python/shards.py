"""The webdataset library iterates the shards; every frame has every field, and arrays are those of the folder layout."""
import importlib.util, io, json, pathlib, sys
import numpy as np
import webdataset as wds

root = pathlib.Path(sys.argv[1])
shards = sorted(str(p) for p in (root / "packed/shards").glob("*.tar"))
frames = 0
for sample in wds.WebDataset(shards, shardshuffle=False, empty_check=False):
    clip, frame = sample["__key__"].split("_")
    assert (frame == "00000") == ("clip.json" in sample)
    frames += 1
    record = json.loads(sample["json"])
    assert (record["index"], record["frame"]) == (int(clip), int(frame))
    folder = root / "folder/samples" / clip
    for layer in ("depth", "flow-forward", "uv"):
        ours = np.load(folder / layer / f"{frame}.npz")["data"]
        assert np.array_equal(np.load(io.BytesIO(sample[f"{layer}.npz"]))["data"], ours)
    assert sample["rgb.png"] == (folder / "rgb" / f"{frame}.png").read_bytes()
assert frames == 4, frames
pairs = list(wds.WebDataset(shards, shardshuffle=False, empty_check=False).decode("rgb").to_tuple("rgb.png", "json")) if importlib.util.find_spec("PIL") else []
assert all(rgb.shape == (72, 96, 3) and rgb.max() <= 1 and "camera" in record for rgb, record in pairs)
print("ok", frames, "frames")
