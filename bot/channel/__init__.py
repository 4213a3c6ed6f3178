"""The channel door: the only room that knows Teams' types and a bot SDK's. Outside it pass plain values alone."""
