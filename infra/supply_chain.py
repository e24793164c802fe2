"""python -m infra.supply_chain sbom [FOLDER] [SYSTEM] | audit: what each image is made of, what is known against it.

SYSTEM is an image of ours or its base, for which a container engine is needed, or the root folder of an unpacked one, `/`
for this machine: the packages of its operating system, which pip knows nothing of, become a bill of their own.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SERVICES = ("intake", "enrollment-sync", "review", "notifier")
PROGRAMS = Path(sys.executable).parent


def pinned(service: str) -> Path:
    return ROOT / "requirements" / f"{service}.txt"


def write_bill(service: str, folder: Path) -> Path:
    """A CycloneDX document of the service's pinned packages, the same whenever it is made."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{service}.cdx.json"
    words = ("requirements", str(pinned(service)), "--of", "JSON", "--output-reproducible", "--validate", "-o", target)
    subprocess.run((str(PROGRAMS / "cyclonedx-py"), *words), check=True, capture_output=True)
    return target


def system_packages(listed: str) -> list[dict[str, str]]:
    """Components of what /var/lib/dpkg/status lists as installed."""
    found = []
    for paragraph in listed.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if line[:1] > " " and ": " in line)
        said = fields.get("Status", " installed")  # an image without dpkg says no status
        if "Package" in fields and said.endswith(" installed"):
            name, version = fields["Package"], fields["Version"]
            purl = f"pkg:deb/debian/{name}@{version}?arch={fields['Architecture']}"
            found.append({"type": "library", "name": name, "version": version, "purl": purl})
    return found


def listed_packages(system: str) -> str:
    """As dpkg keeps them: in one file, or in images without dpkg in one for each. Raises CalledProcessError or
    FileNotFoundError where no engine has the image, or the root is no Debian's.
    """
    if system.startswith(("/", ".")):
        kept = Path(system, "var/lib/dpkg")
        files = sorted(kept.glob("status.d/*[!s]")) or [kept / "status"]  # beside each its .md5sums
        return "\n\n".join(file.read_text("utf-8") for file in files)
    words = ("docker", "run", "--rm", "--network=none", "--entrypoint", "cat", system, "/var/lib/dpkg/status")
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def write_system_bill(system: str, folder: Path) -> Path:
    """Raises what `listed_packages` raises; ValueError for a system without a package, which none is."""
    components = system_packages(listed_packages(system))
    if not components:
        raise ValueError(f"{system} lists no package")
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "system.cdx.json"
    target.write_text(json.dumps(bill, indent=1) + "\n", "utf-8")
    return target


def judged(answer: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The known vulnerabilities, and the packages that nobody could be asked about."""
    known = [
        f"{package['name']} {package['version']}: {fault['id']}"
        for package in answer["dependencies"]
        for fault in package.get("vulns", ())
    ]
    return known, [package["name"] for package in answer["dependencies"] if "skip_reason" in package]


def audit() -> int:
    """0: nothing is known; 1: something is, or 2: the advisories could not be read, which is no good news."""
    words = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "-f", "json")
    files = [word for name in (*SERVICES, "msk") for word in ("-r", str(pinned(name)))]
    done = subprocess.run((str(PROGRAMS / "pip-audit"), *words, *files), capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        print(f"The advisories could not be read: {done.stderr.strip().splitlines()[-1:]}")
        return 2
    known, unasked = judged(json.loads(done.stdout))
    print("\n".join(known) or "Nothing is known against the packages that were asked about.")
    if unasked:
        print(f"Not audited, because the advisories could not be read: {len(unasked)} packages, such as {unasked[0]}.")
    return 1 if known else 2 if unasked else 0


def main(words: list[str]) -> int:
    if words == ["audit"]:
        return audit()
    if words[:1] == ["sbom"]:
        folder = Path(words[1]) if words[1:] else ROOT / ".run" / "sbom"
        print("\n".join(str(write_bill(service, folder)) for service in SERVICES))
        if words[2:]:
            print(write_system_bill(words[2], folder))
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
