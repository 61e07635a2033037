"""Small files in the official layouts of world tables and of totals of trade, for tests."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

IMTS_HEAD = "COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE\n"
IMTS_ROWS = "NAM,XG_FOB_USD,NA,A,2020,3\nRUS,XG_FOB_USD,CHN,A,2020,5\nRUS,XG_FOB_USD,USA,A,2020,\nRUS,MG_CIF_USD,CHN,A,2020,9\n"


def icio_text(old: bool = False) -> tuple[str, dict[str, float]]:
    """Table of AUS, CHN in two parts, MEX whole, two industries; every cell its own number."""
    sellers = [f"{c}_{k}" for c in ("AUS", "CN1", "CN2", "MEX") for k in ("A01", "C10")]
    finals = [f"{c}_{k}" for c in ("AUS", "CHN", "MEX") for k in ("HFCE", "GFCF")]
    ends = ["AUS_TAXSUB", "CHN_TAXSUB", "VALU", "OUTPUT"] if old else ["TLS", "VA", "OUT"]
    total = "TOTAL" if old else "OUT"
    rng = np.random.default_rng(1)
    values = rng.uniform(1, 9, (len(sellers), len(sellers) + len(finals)))
    table = pd.DataFrame(values, index=sellers, columns=[*sellers, *finals])
    table[total] = table.sum(axis=1)
    for end in ends:
        table.loc[end] = 1.0
    cell = {
        "CHN_A01 to MEX_C10": float(table.loc[["CN1_A01", "CN2_A01"], "MEX_C10"].sum()),
        "AUS_C10 to CHN_A01": float(table.loc["AUS_C10", ["CN1_A01", "CN2_A01"]].sum()),
        "CHN_C10 final in AUS": float(
            table.loc[["CN1_C10", "CN2_C10"], ["AUS_HFCE", "AUS_GFCF"]].sum().sum()
        ),
        "output CHN_A01": float(table.loc[["CN1_A01", "CN2_A01"], total].sum()),
    }
    return table.to_csv(), cell


def wiod_columns(year: int = 2014) -> dict[str, np.ndarray]:
    """Two regions of 56 industries, with the rows and columns of totals that the release has."""
    rng = np.random.default_rng(2)
    regions, industries = ("AUS", "ROW"), 56
    sales = rng.uniform(1, 5, (112, 122))
    codes = [f"I{k:02d}" for k in range(1, industries + 1)]
    extra = [("VA", "Value added", 70), ("GO", "Output", 73)]
    flows = [f"{c}{k}" for c in regions for k in range(1, 57)] + [
        f"{c}{k}" for c in regions for k in range(57, 62)
    ]
    table = {
        "IndustryCode": np.array(codes * 2 + [e[0] for e in extra]),
        "IndustryDescription": np.array([f"Industry {k}" for k in codes] * 2 + [e[1] for e in extra]),
        "Country": np.array([c for c in regions for _ in codes] + ["TOT"] * 2),
        "RNr": np.array([*range(1, 57)] * 2 + [e[2] for e in extra], dtype=np.float64),
        "Year": np.full(114, float(year)),
    }
    for k, name in enumerate(flows):
        table[name] = np.append(sales[:, k], [7.0, 9.0])
    table["TOT"] = np.append(sales.sum(axis=1), [0.0, 0.0])
    return table


def eora_folder(folder: Path, year: int = 2015) -> np.ndarray:
    """Two countries of two sectors and the discrepancy ROW, thousand USD, one sale negative."""
    folder.mkdir(exist_ok=True)
    flows = np.random.default_rng(3).uniform(1e6, 9e6, (5, 11))
    flows[0, 3] = -5e3
    labels = [("Australia", "AUS", "Industries", s) for s in ("Agriculture", "Mining")]
    labels += [("Sudan", "SUD", "Industries", s) for s in ("Agriculture", "Mining")] + [
        ("ROW", "ROW", "Total", "TOTAL")
    ]
    final = [
        (n, c, "Final demand", k)
        for n, c in (("Australia", "AUS"), ("Sudan", "SUD"), ("ROW", "ROW"))
        for k in ("a", "b")
    ]
    for name, content in (("T", flows[:, :5]), ("FD", flows[:, 5:])):
        pd.DataFrame(content).to_csv(
            folder / f"Eora26_{year}_bp_{name}.txt", sep="\t", header=False, index=False
        )
    for name, rows in (("labels_T", labels), ("labels_FD", final)):
        pd.DataFrame(rows).to_csv(folder / f"{name}.txt", sep="\t", header=False, index=False)
    return flows


def comtrade_row(**changes: object) -> dict[str, object]:
    row = {"period": 2020, "reporterCode": 643, "partnerCode": 156, "partner2Code": 0, "flowCode": "X"}
    return {**row, "cmdCode": "TOTAL", "customsCode": "C00", "motCode": 0, "primaryValue": 49.1e9, **changes}


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """Bytes of an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def wiod16_bundle(folder: Path) -> bytes:
    """The archive of all years, with 2014 in it; needs the package ``rdata``."""
    import rdata

    path = folder / "WIOT2014_October16_ROW.RData"
    rdata.write_rda(path, {"wiot": wiod_columns()})
    return zipped({f"WIOTS_in_R/{path.name}": path.read_bytes()})


def eora_bundle(folder: Path) -> bytes:
    """The archive of 2015."""
    eora_folder(folder)
    return zipped({f"Eora26_2015_bp/{p.name}": p.read_bytes() for p in sorted(folder.iterdir())})


def comtrade_answer() -> bytes:
    """The service's answer for 2020."""
    rows = [comtrade_row(), comtrade_row(reporterCode=842, partnerCode=0, flowCode="M")]
    return json.dumps({"data": rows}).encode()


def icio_2025_text() -> str:
    """Table of 2022 in the layout of the edition of 2025: the first head is V1, six final uses, OUT, the world's rest."""
    sellers = [f"{c}_{k}" for c in ("AUS", "CHN", "ROW") for k in ("A01", "C24A", "T")]
    finals = [
        f"{c}_{k}" for c in ("AUS", "CHN", "ROW") for k in ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
    ]
    values = np.random.default_rng(2).uniform(1, 9, (len(sellers), len(sellers) + len(finals)))
    table = pd.DataFrame(values, index=pd.Index(sellers, name="V1"), columns=[*sellers, *finals])
    table["OUT"] = table.sum(axis=1)
    for end in ("TLS", "VA", "OUT"):
        table.loc[end] = 1.0
    return table.to_csv()


def batis_text() -> str:
    """Balanced services of Germany with Russia and of Namibia, whose code is NA; a group, imports and another item too."""
    head = (
        "Reporter,type_Reporter,Partner,type_Partner,Flow,Item_code,type_Item,Year,Reported_value,Final_value,"
        "Final_value_methodology,Balanced_value\n"
    )
    rows = (
        "DE,c,RU,c,X,S,a,2022,1000,1100,R_OECD,1200.5",
        "DE,c,RU,c,M,S,a,2022,500,500,R_OECD,555",
        "DE,c,RU,c,X,SJ,i,2022,,290,E2,300",
        "DE,c,RU,c,X,S,a,2021,900,900,R_OECD,950",
        "NA,c,DE,c,X,S,a,2022,,,M,7",
        "DE,c,W0,g,X,S,a,2022,9000,9000,R_OECD,9000",
        "DE,c,FR,c,X,S,a,2022,,,M,",
    )
    return head + "\n".join(rows) + "\n"


def wits_text() -> str:
    """Applied rates of the United States and the Union, by product, as the advanced query delivers them."""
    head = (
        "Selected Nomen,Native Nomen,Reporter,Reporter Name,Product,Product Name,Partner,Partner Name,Tariff Year,"
        "Trade Year,Trade Source,DutyType,Simple Average,Weighted Average,Imports Value in 1000 USD\n"
    )
    rows = (
        "HS,H6,840,United States,850440,Converters,156,China,2022,2022,CMT,AHS,25,25,300000",
        "HS,H6,840,United States,854231,Processors,156,China,2022,2022,CMT,AHS,5,5,100000",
        "HS,H6,840,United States,854231,Processors,156,China,2021,2021,CMT,AHS,1,1,100000",
        "HS,H6,840,United States,854231,Processors,156,China,2022,2022,CMT,MFN,0,0,100000",
        "HS,H6,840,United States,260111,Iron ores,398,Kazakhstan,2022,2022,CMT,AHS,3,,",
        "HS,H6,840,United States,854231,Processors,000,World,2022,2022,CMT,AHS,2,2,900000",
        "HS,H6,918,European Union,854231,Processors,156,China,2022,2022,CMT,AHS,4,4,200000",
    )
    return head + "\n".join(rows) + "\n"
