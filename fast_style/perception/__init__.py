"""What judges pictures: frozen loss networks, and the losses between features."""
