"""The laptop's adapters: no account and no network; the tests' fakes as well, scripted through their constructors."""
