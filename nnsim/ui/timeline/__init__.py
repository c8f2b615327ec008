"""The timeline under the canvas: the operations of the step under way, and the whole run to scrub."""
