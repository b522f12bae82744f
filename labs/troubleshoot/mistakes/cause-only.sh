# The cause was found and not mended.
# loses: mended=70
lab answer cause {{fault}}
