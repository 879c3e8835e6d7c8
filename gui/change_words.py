"""The words for changes are core's: the window, the command line and a merge say the same."""

from core.change_words import Words, change_words, duty_title, goods_name, partner_words, rate_words

__all__ = ["Words", "change_words", "duty_title", "goods_name", "partner_words", "rate_words"]
