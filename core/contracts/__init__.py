"""What a commissioner has agreed: service model, targets, pools."""
