"""Bodies of the contract's tests that are no JSON: files to check, from nothing to half a PDF."""

import schemathesis
from hypothesis import strategies as st

START = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
END = b"\nstartxref\n9\n%%EOF\n"

files = st.one_of(
    st.binary(max_size=2000),
    st.binary(max_size=2000).map(lambda some: START + some),
    st.binary(max_size=2000).map(lambda some: START + some + END),
)

schemathesis.openapi.media_type("application/pdf", files)
