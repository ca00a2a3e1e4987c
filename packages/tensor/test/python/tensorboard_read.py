"""Reads an event file: python tensorboard_read.py FOLDER"""
import sys

from tensorboard.backend.event_processing import event_accumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
import glob

(path,) = glob.glob(f"{sys.argv[1]}/*tfevents*")
assert len(list(RawEventFileLoader(path).Load())) == 4
acc = event_accumulator.EventAccumulator(sys.argv[1])
acc.Reload()
assert sorted(acc.Tags()["scalars"]) == ["loss/train", "rate"], acc.Tags()
assert [(e.step, e.wall_time, e.value) for e in acc.Scalars("loss/train")] == [(0, 100.5, 2.5), (1, 101.5, float("inf")), (2**40, 102.5, -0.125)]
assert [e.step for e in acc.Scalars("rate")] == [1]
print("ok")
