"""Hot spots: surfaces, significant cells, hours of the week, repeat places and near repeats."""
