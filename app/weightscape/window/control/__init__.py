"""The panel's controls: numbers, choices, sliders and buttons, by mouse and by keys."""
