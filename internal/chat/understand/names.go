package understand

// Reliable tells whether a profile name may be read back as a person's name: letters of any
// script, spaces, hyphens, apostrophes and dots only, at least 3 letters, at most 40 characters, and
// not a filler or business word.
func Reliable(profile string) bool { return false }
