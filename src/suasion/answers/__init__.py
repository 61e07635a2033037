"""Answers: what the house says, whoever asks: quantities with units, findings, tables and pictures.

An answer has no words, only keys of the catalogue and typed values; a language turns it into text. All doors
(terminal, page, file, notebook, program) print the same answer by the renderers in this room, and every number by
one printer.
"""
