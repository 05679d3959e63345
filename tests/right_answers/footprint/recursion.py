"""From the last layer down, a tap at a time."""


def footprint(dilations, kernel_size=3):
    def places(layers, start):
        if not layers:
            return {start}
        steps = [start + layers[-1] * tap for tap in range(kernel_size)]
        return set().union(*(places(layers[:-1], step) for step in set(steps)))

    touched = places(list(dilations), 0)
    side = max(touched) - min(touched) + 1
    return side, len(touched) ** 2 / side**2
