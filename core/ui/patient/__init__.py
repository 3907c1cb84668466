"""Everything a patient sees who came by a weblink; nothing else is within reach."""
