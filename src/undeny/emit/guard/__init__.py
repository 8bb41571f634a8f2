"""What hears of a denial next time, as code: alarms, the function that diagnoses and pages, the conformance pack."""
