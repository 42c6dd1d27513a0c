"""Inside the network, on Train."""
