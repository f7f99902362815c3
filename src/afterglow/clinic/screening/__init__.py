"""Who may be treated: intake, eligibility with reasons, consent."""
