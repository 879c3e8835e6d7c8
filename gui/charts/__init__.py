"""Charts that paint themselves."""
