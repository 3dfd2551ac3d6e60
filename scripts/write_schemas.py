"""Write the JSON Schema file of every document anew; tests hold the files to the forms."""

from __future__ import annotations

from pathlib import Path

from habeas.report import audit_schema
from habeas.wire import schemas

FOLDER = Path(schemas.__file__).parent / "schema"


def main() -> None:
    """Write every file and say which."""
    FOLDER.mkdir(exist_ok=True)
    for name in schemas.DOCUMENTS:
        path = FOLDER / schemas.file_name(name)
        path.write_bytes(schemas.written(name))
        print(path)
    audit_schema.FILE.parent.mkdir(exist_ok=True)
    audit_schema.FILE.write_bytes(audit_schema.written())
    print(audit_schema.FILE)


if __name__ == "__main__":
    main()
