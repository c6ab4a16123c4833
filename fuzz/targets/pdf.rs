#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    spo_fuzz::verify::Drill::Pdf.run(bytes);
});
