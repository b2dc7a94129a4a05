"""The five scenes of a wall: each function reads one part of the shared picture as plain values, nothing personal."""
