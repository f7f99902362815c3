"""The patient list and the chart: pages that read every step of care."""
