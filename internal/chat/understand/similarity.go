package understand

// minSimilarity is how alike a misspelt service word must be.
const minSimilarity = 0.6

// alike tells whether word may be a misspelling of target. Short words allow no or one slip, and the
// first letter must be right, or the first two exchanged, unless the word is long.
func alike(word, target string) bool {
	a, b := []rune(word), []rune(target)
	longer := max(len(a), len(b))
	if min(len(a), len(b)) < 5 || len(a)-len(b) > 3 || len(b)-len(a) > 3 {
		return false
	}
	if a[0] != b[0] && longer < 7 && !(a[0] == b[1] && a[1] == b[0]) {
		return false
	}
	d := distance(a, b)
	return d <= slips(longer) && 1-float64(d)/float64(longer) >= minSimilarity
}

// slips is how many misspelt letters a word of a length may have.
func slips(length int) int {
	switch {
	case length < 7:
		return 1
	case length < 11:
		return 2
	default:
		return 3
	}
}

// near is a stricter likeness for words that are not services.
func near(word, target string) bool {
	a, b := []rune(word), []rune(target)
	if len(a) < 5 || len(b) < 5 || a[0] != b[0] || len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return false
	}
	return distance(a, b) <= 1+max(len(a), len(b))/8
}

// distance counts the insertions, deletions, replacements and exchanges of neighbours between two words.
func distance(a, b []rune) int {
	before, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return prev[len(b)]
}
