"""HL7 v2 from bedside monitors: messages into readings, and the MLLP listener that takes them."""
