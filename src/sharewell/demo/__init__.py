"""The demo: a made-up town with the truth known, and two lawful flows through it; ``region`` makes it up."""
