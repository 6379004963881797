"""Figures, measured against something named in the same run and given as ratios. Never a timed test."""
