"""Makes the compact loss network out of VGG16."""
