"""Trade figures, rates and barriers from CSV and XLSX: read, understood, shown, and only then taken.

reading gives a sheet of text; columns says which column means what; trade, rates and barriers make a plan of it;
the plan's `apply` is the one edit. docs/importing.md describes it for people.
"""
