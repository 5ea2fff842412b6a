// With the other builds, in bin/: this is the name that package.json knows it by.
import '../bin/build-lambda.mjs';
