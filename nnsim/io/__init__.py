"""Reading and writing: project files, tables, exports."""
