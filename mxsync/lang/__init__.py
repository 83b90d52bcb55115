"""The rule language: text to plan. Phases are modules: source, parse, check, lints, compile, format."""
