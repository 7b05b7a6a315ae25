"""Writes the result table, as CSV and as Parquet, while the rows come by."""

import csv
from pathlib import Path

from lambdas.classify_batch.rows import COLUMNS, Row

CSV, PARQUET = "results.csv", "results.parquet"
NUMBERS = ("confidence", "other", "threshold", "order_radius_km")
WHOLE = ("position",)
GROUP = 10_000  # rows in memory, and in a group of Parquet


class Table:
    """Two files in a folder, which are complete once it is closed."""

    def __init__(self, folder: Path) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        kinds = {**dict.fromkeys(NUMBERS, pa.float64()), **dict.fromkeys(WHOLE, pa.int32())}
        self._schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
        self._file = (folder / CSV).open("w", encoding="utf-8", newline="")
        self._csv = csv.DictWriter(self._file, COLUMNS, lineterminator="\n")
        self._csv.writeheader()
        self._parquet = parquet.ParquetWriter(folder / PARQUET, self._schema)
        self._rows: list[Row] = []

    def add(self, row: Row) -> None:
        """Adds a row."""
        self._csv.writerow(row)
        self._rows.append(row)
        if len(self._rows) == GROUP:
            self._write_group()

    def close(self) -> None:
        """Writes what is left, and the end of the files."""
        if self._rows:
            self._write_group()
        self._parquet.close()
        self._file.close()

    def _write_group(self) -> None:
        import pyarrow as pa

        self._parquet.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._rows = []
