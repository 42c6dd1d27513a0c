"""The living network: what trains, drawn neuron by neuron, from Train's settings or a run."""
