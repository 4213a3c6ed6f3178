"""The channel door: the only room that knows Teams' and botbuilder's types. Outside it pass plain values alone."""
