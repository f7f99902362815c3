"""Messages that real monitors sent, kept outside this repository because their licence is unknown.

They are read where they are found: in the folder that AFTERGLOW_MONITOR_MESSAGES names, or beside
the repository. Where there are none, this file has no tests; `messages/` holds our own.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from afterglow.core.care.signs import Sign
from afterglow.devices.hl7v2.values import Flag
from tests.devices.reading import read

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "hl7v2"
FOLDER = Path(os.environ.get("AFTERGLOW_MONITOR_MESSAGES", BESIDE))

# file -> bed, patient as sent, and the readings in order: sign, value, channel, leads
EXPECTED = {
    "comen_nc_monitor_no_set_ids_empty_values": (
        ("10", "10006", datetime(2025, 6, 9, 17, 51, 27, tzinfo=UTC)),
        [
            (Sign.SPO2, 97, "1.3.1.150456", True),
            (Sign.PULSE, 59, "1.0.0.149522", True),
            (Sign.SPO2, 97, "1.3.2.150456", False),
            (Sign.RESP_RATE, 20, "1.14.1.151562", True),
            (Sign.TEMPERATURE, 37.0, "1.2.1.150344", True),
            (Sign.SYSTOLIC, 120, "1.1.9.150021", True),
            (Sign.DIASTOLIC, 80, "1.1.9.150022", True),
            (Sign.MEAN, 90, "1.1.9.150023", True),
        ],
    ),
    "ge_b1x5_pulse_oximetry": (
        ("", "", datetime(2020, 1, 1, 12, 0, tzinfo=UTC)),
        [(Sign.SPO2, 98, "1.6.1.1", True), (Sign.PULSE, 76, "1.6.1.2", True)],
    ),
    "mindray_egateway_pcd01_numerics": (
        ("ICU/5", "", datetime(2026, 9, 12, 6, 30, tzinfo=UTC)),
        [
            (Sign.SPO2, 98, "1.3.1.150456", True),
            (Sign.PULSE, 65, "1.3.1.149530", False),
            (Sign.RESP_RATE, 19, "1.3.1.151658", False),
            (Sign.RESP_RATE, 17, "1.7.1.151578", True),
            (Sign.PULSE, 66, "1.7.4.147842", True),
        ],
    ),
    "mindray_vs900_demo_flag_nibp_aperiodic": (
        ("INTER/1", "2eefgghy", datetime(2020, 2, 12, 12, 55, 41, tzinfo=UTC)),
        [
            (Sign.SPO2, 100, "1.3.1.150456", True),
            (Sign.PULSE, 80, "1.3.1.149530", True),
            (Sign.SYSTOLIC, 166, "1.1.9.150301", True),
            (Sign.MEAN, 122, "1.1.9.150303", True),
            (Sign.DIASTOLIC, 100, "1.1.9.150302", True),
        ],
    ),
    "philips_center_abp": (
        ("Doc1/5/1", "MRN5733", None),
        [
            (Sign.SPO2, 95, "0", True),
            (Sign.RESP_RATE, 15, "0", True),
            (Sign.PULSE, 60, "0", True),
            (Sign.SYSTOLIC, 120, "0", True),
            (Sign.DIASTOLIC, 70, "0", True),
            (Sign.MEAN, 91, "0", True),
        ],
    ),
    "philips_suresigns_vs_spotcheck": (
        ("", "PATID1234", datetime(2012, 2, 14, 11, 23, 34, tzinfo=UTC)),
        [(Sign.SPO2, 100, "", True), (Sign.DIASTOLIC, 69, "", True)],
    ),
}

FOUND = sorted(FOLDER.glob("*.hl7")) if FOLDER.is_dir() else []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """No files, no tests: an absent folder is neither a failure nor a skip."""
    metafunc.parametrize("file", FOUND, ids=[file.stem for file in FOUND])


if FOUND:

    def test_a_real_monitors_message_is_read_to_the_last_number(file):
        message = read(file.read_bytes(), accept_simulated=True)
        (bed, patient, sent_at), readings = EXPECTED[file.stem]
        assert (message.bed, message.patient_id, message.sent_at) == (bed, patient, sent_at)
        assert [(r.sign, r.value, r.channel, r.leads) for r in message.readings] == readings
        lines = file.read_bytes().count(b"\rOBX|")
        assert len(message.readings) + len(message.unread) == lines

    def test_a_real_monitors_demonstration_is_never_plain(file):
        flagged = b"||DEMO||" in file.read_bytes()
        assert bool(read(file.read_bytes()).readings) is not flagged

    def test_a_real_monitors_message_twice_is_the_same_readings(file):
        keys = [
            [one.key for one in read(file.read_bytes(), received_at=at).readings]
            for at in (datetime(2030, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC))
        ]
        assert keys[0] == keys[1]

    def test_a_real_cuff_value_is_as_old_as_the_monitor_says(file):
        received_at = datetime(2026, 9, 12, 7, 0, tzinfo=UTC)
        message = read(file.read_bytes(), received_at=received_at, accept_simulated=True)
        cuffs = [one for one in message.readings if Flag.APERIODIC in one.flags]
        age = timedelta(minutes=5, seconds=33)
        assert all(one.taken_at == received_at - age for one in cuffs)
        assert len(cuffs) == (3 if "aperiodic" in file.stem else 0)
