"""Parvis: a self-hosted enterprise social network, a thin core that plugins hang on."""

__version__ = "0.1.0"
