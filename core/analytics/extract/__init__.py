"""The one door between the operational store and the numbers: nobody passes it by name.

Patients, referrals and staff cross as keyed hashes; organisations, which are public
bodies, as themselves. What people typed stays behind: every text that crosses is a
code of ours or an organisation's name. The feeds say what is read, the models of
``models/extract`` what becomes of it.
"""
