"""How a number comes about, set as mathematics: boxes from expression trees, and the panel of them."""
