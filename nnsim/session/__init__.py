"""The program without its window: current project, history, run, files. No Qt."""
