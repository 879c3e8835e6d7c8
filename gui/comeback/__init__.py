"""Reading a briefing workbook back: the window and its parts."""
