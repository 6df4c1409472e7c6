"""Writes tests/cpp/image/jpeg_fixtures.hpp: tiny JPEG files of several kinds, made by Pillow (pip install pillow).

The picture is 40 x 24 pixels in four quarters: red, green / blue, white. Run from the checkout:
  python3 tests/reference/record_jpeg_fixtures.py > tests/cpp/image/jpeg_fixtures.hpp
"""

import io

from PIL import Image

WIDTH, HEIGHT = 40, 24
QUARTERS = [[(230, 30, 30), (30, 200, 40)], [(30, 40, 220), (250, 250, 250)]]


def picture():
    image = Image.new("RGB", (WIDTH, HEIGHT))
    for y in range(HEIGHT):
        for x in range(WIDTH):
            image.putpixel((x, y), QUARTERS[2 * y // HEIGHT][2 * x // WIDTH])
    return image


def encode(image, **options):
    output = io.BytesIO()
    image.save(output, "JPEG", quality=85, optimize=True, **options)
    return output.getvalue()


def noise(side):
    """A picture whose entropy-coded data is long enough to be cut."""
    image = Image.new("RGB", (side, side))
    state = 1
    for y in range(side):
        for x in range(side):
            state = (state * 1103515245 + 12345) % 2**31
            image.putpixel((x, y), (state >> 8 & 255, state >> 12 & 255, state >> 16 & 255))
    return image


FILES = [
    ("kJpegBaseline", "4:4:4", encode(picture(), subsampling=0)),
    ("kJpegSubsampled", "4:2:0", encode(picture(), subsampling=2)),
    ("kJpegProgressive", "progressive, 4:2:0", encode(picture(), subsampling=2, progressive=True)),
    ("kJpegRestart", "a restart marker after each row of blocks",
     encode(picture(), subsampling=0, restart_marker_rows=1)),
    ("kJpegGrey", "one component", encode(picture().convert("L"))),
    ("kJpegCmyk", "four components, Adobe's inverted CMYK", encode(picture().convert("CMYK"))),
    ("kJpegNoise", "48 x 48 pixels of noise, 4:2:0", encode(noise(48), subsampling=2)),
]

print("// Tiny JPEG files, made by tests/reference/record_jpeg_fixtures.py (Pillow).")
print("#pragma once\n\n#include <cstdint>\n#include <vector>\n\nnamespace sortlab::test {\n")
for name, text, data in FILES:
    print(f"// {text}; {len(data)} bytes")
    print(f"inline const std::vector<std::uint8_t> {name} = {{")
    for start in range(0, len(data), 20):
        print("    " + ", ".join(f"0x{byte:02x}" for byte in data[start:start + 20]) + ",")
    print("};\n")
print("}  // namespace sortlab::test")
