from cme323.course import plots_mapreduce


def test_the_alt_text_says_what_each_way_reads_and_writes():
    picture = plots_mapreduce.on_disk((1, 2))
    (axes,) = picture.figure.axes
    assert axes.get_xlabel() == "passes over the data (k)"
    assert picture.alt == (
        "Chart. Bytes on disk of an iterative program. bytes read and written against "
        "passes over the data (k): MapReduce, predicted from 6825 to 1.365e+04, "
        "measured from 6825 to 1.365e+04; RDD, predicted from 6400 to 1.28e+04, "
        "measured from 6400 to 1.28e+04; RDD, half of it cached, predicted from 6400 "
        "to 9600, measured from 6400 to 9600; RDD, cached, predicted from 6400 to "
        "6400, measured from 6400 to 6400."
    )
    assert picture.png().startswith(b"\x89PNG")
