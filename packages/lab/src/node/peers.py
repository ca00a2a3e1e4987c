"""Boosted trees and PyTorch on rows from stdin (JSON); answers JSON. One thread, processor time."""
import json, sys, time, warnings
import numpy as np

warnings.simplefilter('ignore')


def boosted(d):
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    x, y = {k: np.array(d[k]['x'], np.float64) for k in ('train', 'test')}, {k: np.array(d[k]['y']) for k in ('train', 'test')}
    categories = list(range(d['numbers'], x['train'].shape[1]))
    kind = HistGradientBoostingRegressor if d['task'] == 'regression' else HistGradientBoostingClassifier
    judge = lambda p: float(np.sqrt(np.mean((p - y['test']) ** 2))) if d['task'] == 'regression' else float(np.mean(p == y['test']))
    out = {'scikit-learn': [], 'LightGBM': []}
    for seed in range(d['seeds']):
        m = kind(max_iter=500, learning_rate=0.08, early_stopping=True, n_iter_no_change=30, random_state=seed, categorical_features=categories or None)
        out['scikit-learn'].append(judge(m.fit(x['train'], y['train']).predict(x['test'])))
    try:
        import lightgbm

        v = np.array(d['validation']['x'], np.float64), np.array(d['validation']['y'])
        kind = lightgbm.LGBMRegressor if d['task'] == 'regression' else lightgbm.LGBMClassifier
        for seed in range(d['seeds']):
            m = kind(n_estimators=2000, learning_rate=0.05, num_leaves=48, subsample=0.8, subsample_freq=1, colsample_bytree=0.7, n_jobs=1, random_state=seed, verbose=-1)
            m.fit(x['train'], y['train'], eval_set=[v], categorical_feature=categories or 'auto', callbacks=[lightgbm.early_stopping(50, verbose=False)])
            out['LightGBM'].append(judge(m.predict(x['test'])))
    except ImportError:
        pass
    return out


def pytorch(d):
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(0)
    x, y = torch.tensor(d['train']['x']), torch.tensor(d['train']['y'])
    vx = torch.tensor(d['validation']['x'])
    n = x.shape[1]
    # What its products reach says whether this build has a fast BLAS: the reference one is a tenth as fast.
    a, b, start = torch.randn(256, 586), torch.randn(586, 512), time.process_time()
    for _ in range(20):
        a @ b
    gflops = 20 * 2 * 256 * 586 * 512 / (time.process_time() - start) / 1e9
    layers, width = [], n
    if d['bins']:
        from rtdl_num_embeddings import PiecewiseLinearEmbeddings

        layers += [PiecewiseLinearEmbeddings([torch.tensor(b) for b in d['bins']], d['d'], activation=True, version='A'), nn.Flatten()]
        width = n * d['d']
    for w in d['widths']:
        layers += [nn.Linear(width, w), nn.ReLU(), nn.Dropout(d['dropout'])]
        width = w
    model = nn.Sequential(*layers, nn.Linear(width, 1))
    optimiser = torch.optim.AdamW(model.parameters(), lr=d['lr'], weight_decay=1e-5)
    times = []
    for epoch in range(d['epochs']):
        start = time.process_time()
        model.train()
        order = torch.randperm(len(x))
        for i in range(len(x) // d['batch']):
            rows = order[i * d['batch'] : (i + 1) * d['batch']]
            optimiser.zero_grad()
            nn.functional.mse_loss(model(x[rows]).squeeze(-1), y[rows]).backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            for part in vx.split(1024):
                model(part)
        times.append(time.process_time() - start)
    return {'seconds': min(times[1:]), 'version': torch.__version__, 'gflops': gflops}


asked = json.load(sys.stdin)
json.dump({'boosted': boosted, 'pytorch': pytorch}[asked['what']](asked), sys.stdout)
