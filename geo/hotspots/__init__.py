"""Hot spots: surfaces, significant cells, hours of the week and near repeats."""
