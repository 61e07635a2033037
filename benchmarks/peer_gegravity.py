"""In gegravity's environment: build the baseline of a one-sector gravity economy, and change one cost."""

from __future__ import annotations

import json
import sys
import time
import warnings
from importlib import metadata

import gegravity as ge
import pandas as pd

warnings.simplefilter("ignore")
problem = json.load(sys.stdin)
names, flow, log_cost = problem["countries"], problem["flow"], problem["log_cost"]
rows = []
for n, importer in enumerate(names):
    for i, exporter in enumerate(names):
        rows.append(
            {
                "importer": importer,
                "exporter": exporter,
                "year": "2000",
                "trade": flow[n][i],
                "Y": sum(line[i] for line in flow),
                "E": sum(flow[n]),
                "cost": log_cost[n][i],
            }
        )
frame = pd.DataFrame(rows)
start = time.perf_counter()
data = ge.BaselineData(
    frame,
    imp_var_name="importer",
    exp_var_name="exporter",
    year_var_name="year",
    trade_var_name="trade",
    expend_var_name="E",
    output_var_name="Y",
)
values = ge.CostCoeffs(pd.DataFrame({"var": ["cost"], "b": [1.0], "se": [0.1]}), "var", "b", "se")
model = ge.OneSectorGE(
    baseline=data,
    year="2000",
    expend_var_name="E",
    output_var_name="Y",
    cost_coeff_values=values,
    cost_variables=["cost"],
    reference_importer=names[0],
    sigma=problem["sigma"],
    quiet=True,
)
model.build_baseline()
changed = model.baseline_data.copy()
sides = {tuple(pair) for pair in problem["changed"]}
mask = [(r.importer, r.exporter) in sides for r in changed.itertuples()]
changed.loc[mask, "cost"] = changed.loc[mask, "cost"] + problem["change"]
model.define_experiment(changed)
model.simulate()
taken = time.perf_counter() - start
found = model.country_results
# Their statistic is expenditure before over after: below one is a gain.
welfare = {str(name): 1.0 / float(value) for name, value in found["welfare statistic"].items()}
messages = [str(found.message) for found in model.solver_diagnostics.values()]
print(
    json.dumps(
        {"seconds": taken, "messages": messages, "welfare": welfare, "version": metadata.version("gegravity")}
    )
)
