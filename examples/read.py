"""A data set as NumPy arrays: python examples/read.py out/demo (needs numpy and opencv-python). For PyTorch: torch.utils.data.DataLoader(Clips("out/demo"))"""
import json, pathlib, sys
import cv2, numpy as np
def read(file):  # .npz, or PNG of 8 or 16 bits (OpenCV gives blue first)
    image = np.load(file)["data"] if file.suffix == ".npz" else cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
    return image[..., [2, 1, 0, 3][:image.shape[2]]] if file.suffix == ".png" and image.ndim == 3 else image
class Clips:  # Clips(root)[0]["depth"] is float32 [frame, row, column] in metres, "normal" is [frame, row, column, xyz], and so on
    def __init__(self, root):
        self.folders, self.set = sorted(pathlib.Path(root).glob("samples/*")), json.loads((pathlib.Path(root) / "dataset.json").read_text())
    def __len__(self): return len(self.folders)
    def __getitem__(self, i):
        stack = lambda layer: np.stack([read(f) for f in sorted((self.folders[i] / layer["name"]).iterdir())])
        return {l["name"]: stack(l) * np.float32(l["scale"]) + np.float32(l["offset"]) for l in self.set["layers"] if l["encoding"] != "exr"}
if __name__ == "__main__":
    for name, values in Clips(sys.argv[1])[0].items(): print(name, values.shape, values.dtype)
