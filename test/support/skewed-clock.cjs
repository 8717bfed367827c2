// Loaded before a process of ours: its wall clock is off by so many milliseconds, as that of a machine without NTP is.
const skewMs = Number(process.env.ASSAY_TEST_CLOCK_SKEW_MS);
const now = Date.now.bind(Date);
Date.now = () => now() + skewMs;
