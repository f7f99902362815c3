"""The monitored session: doses, readings, ratings, alarms. The heart of the house."""
