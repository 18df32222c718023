"""The private channels (私域) of the brand: how each platform, tool and own system writes down what happened in the pond."""
